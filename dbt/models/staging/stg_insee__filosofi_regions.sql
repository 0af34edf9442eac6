{{ mesures_longues('insee.filosofi_regions') }}
