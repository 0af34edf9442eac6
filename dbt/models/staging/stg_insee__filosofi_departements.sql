{{ mesures_longues('insee.filosofi_departements') }}
