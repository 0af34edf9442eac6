{{ mesures_longues('insee.filosofi_communes') }}
